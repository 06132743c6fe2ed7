"""Pretend videos that are at an end from the first question on, so that no test has to wait."""

from pixverse_desktop.simulator import Life, Story, stories

RED, GREEN, BLUE = "#C8323C", "#2E9E5B", "#2F6FDE"
ONE, TWO, THREE = "627410861853514292", "391504857968062", "604118237745920316"


def ready(video_id: str = ONE, clip: str = "01-red.mp4", prompt: str = "a paper boat") -> Life:
    """A video that is finished already."""
    return life(video_id, stories.quick(0), clip=clip, prompt=prompt)


def life(video_id: str, story: Story, *, clip: str = "01-red.mp4", prompt: str = "a paper boat") -> Life:
    """A video with this story."""
    return Life(video_id=video_id, steps=story, clip=clip, prompt=prompt)
