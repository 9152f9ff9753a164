import json

import numpy as np

from exhibits.dance import recording
from pose import Pose


def test_a_dance_is_told_in_json() -> None:
    points = np.zeros((17, 2), np.float32)
    points[1] = 12.34, 56.78
    scores = np.zeros(17, np.float32)
    scores[1] = 0.75
    told = json.loads(recording.to_json([(0.0334, Pose(points, scores))], (480, 640), "ink", 0.5))
    assert told["format"] == "glassbooth-dance-1"
    assert told["size"] == {"height": 480, "width": 640}
    assert (told["style"], told["beat"]) == ("ink", 0.5)
    assert told["keypoints"][:2] == ["nose", "left eye"]
    assert len(told["frames"]) == 1
    assert told["frames"][0]["time"] == 0.033
    assert told["frames"][0]["points"][0] == [0, 0, 0]
    assert told["frames"][0]["points"][1] == [12.3, 56.8, 0.75]
    assert len(told["frames"][0]["points"]) == 17
