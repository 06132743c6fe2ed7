"""What ``--demo`` shows: eight clips with every kind of ending, all of it within 25 seconds."""

from collections.abc import Callable, Sequence

from pixverse_desktop.simulator import stories
from pixverse_desktop.simulator.lives import Life, Story, is_video_id
from pixverse_desktop.simulator.simulation import Simulation

DEMO_KEY = "demo"
"""The one key that the demo lets in."""

_SHORTEST_ADOPTED = 14  # what shorter numbers stand for in a text is rarely an id

_SCENES: tuple[tuple[str, Story, str], ...] = (
    (
        "627410861853514292",
        stories.quick(2),
        "A paper boat drifts down a rain-filled gutter at dusk, street lamps trembling in the water",
    ),
    (
        "391504857968062",
        stories.quick(6),
        "夜の海辺を走る小さな電車、窓の明かりが波に映る",
    ),
    (
        "604118237745920316",
        stories.queued(4, 9),
        "Slow dolly shot through a greenhouse before sunrise: mist hangs between the tomato vines, a tabby "
        "cat walks along the heating pipe towards the camera, stops, looks straight into the lens and yawns; "
        "drops of dew slide down the glass behind it while the first light turns everything from blue to "
        "amber. Shallow depth of field, 35 mm film grain, no people, no text, gentle handheld movement",
    ),
    (
        "388270916453187",
        stories.quick(12),
        "Corgi astronaut floats past the window and waves 🐶🚀✨",
    ),
    (
        "615937420086351774",
        stories.quick(4),
        "Macro: a drop of ink opens like a flower in a glass of water",
    ),
    (
        "402866135907249",
        stories.moderated(8),
        "A crowd in a stadium, faces recognisable, chanting a name",
    ),
    (
        "631052978441620583",
        stories.failed(10),
        "A glass city folds itself into a paper crane, in one continuous take",
    ),
    (
        "396641720583915",
        stories.unknown_code(42, 10),
        "Northern lights over a field of sunflowers, time-lapse",
    ),
)

DEMO_VIDEO_IDS: tuple[str, ...] = tuple(video_id for video_id, _, _ in _SCENES)
"""The ids the demo begins with."""

_ADOPTED: tuple[tuple[Story, str], ...] = (
    (stories.quick(3), "A fox crosses a snowy railway bridge, seen from a drone"),
    (stories.queued(2, 7), "Steam rises from a bowl of noodles in a narrow alley, neon rain outside"),
    (stories.quick(5), "A kite shaped like a whale swims through evening clouds"),
)


def demo_simulation(now: Callable[[], float], clip_names: Sequence[str]) -> Simulation:
    """Return the demo's simulation, sharing out the clips in the order given; ValueError without any.

    ``now`` returns seconds since 1970. Any other id of 14 to 20 digits is adopted and becomes ready after a
    few seconds, with story and clip chosen by the id alone; shorter ones are not known to the key.
    """
    if not clip_names:
        raise ValueError("the demo needs at least one clip")

    def adopt(video_id: str) -> Life | None:
        if len(video_id) < _SHORTEST_ADOPTED or not is_video_id(video_id):
            return None
        steps, prompt = _ADOPTED[int(video_id) % len(_ADOPTED)]
        return _life(video_id, steps, prompt, clip_names[int(video_id) % len(clip_names)])

    lives = (
        _life(video_id, steps, prompt, clip_names[number % len(clip_names)])
        for number, (video_id, steps, prompt) in enumerate(_SCENES)
    )
    return Simulation(now, lives, keys=(DEMO_KEY,), adopt=adopt)


def _life(video_id: str, steps: Story, prompt: str, clip: str) -> Life:
    return Life(video_id=video_id, steps=steps, prompt=prompt, clip=clip, seed=int(video_id) % 2**31)
