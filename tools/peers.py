"""PyTorch, torchvision and timm: what convkit is compared with. `runPython` of python.mjs puts this folder on the path."""

import sys

import torch

try:
    import torchvision
except RuntimeError:
    # torchvision's compiled operators do not load beside every build of torch. Nothing that is compared calls them,
    # but importing names two.
    _operators = torch.library.Library("torchvision", "DEF")
    for _name in ["nms", "qnms"]:
        _operators.define(f"{_name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    for _name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
        del sys.modules[_name]
    import torchvision

import timm  # noqa: E402

__all__ = ["timm", "torch", "torchvision"]
