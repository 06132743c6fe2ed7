"""A pretend PixVerse: for ``--demo``, for every test that wants a real socket, and to try scripts against."""

from pixverse_desktop.simulator import faults, stories
from pixverse_desktop.simulator.demo import DEMO_KEY, DEMO_VIDEO_IDS, demo_simulation
from pixverse_desktop.simulator.exchange import Answer, Delivery, Place, Request
from pixverse_desktop.simulator.faults import Fault
from pixverse_desktop.simulator.journal import LoggedRequest, Statistics
from pixverse_desktop.simulator.lives import MISSING, Life, Refusal, Step, Story, UrlKind
from pixverse_desktop.simulator.server import SimulatorServer
from pixverse_desktop.simulator.simulation import Balance, Simulation
from pixverse_desktop.simulator.stories import STORIES, named_life

__all__ = [
    "DEMO_KEY",
    "DEMO_VIDEO_IDS",
    "MISSING",
    "STORIES",
    "Answer",
    "Balance",
    "Delivery",
    "Fault",
    "Life",
    "LoggedRequest",
    "Place",
    "Refusal",
    "Request",
    "Simulation",
    "SimulatorServer",
    "Statistics",
    "Step",
    "Story",
    "UrlKind",
    "demo_simulation",
    "faults",
    "named_life",
    "stories",
]
