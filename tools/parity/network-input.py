"""Evaluation preprocessing of timm, which uses torchvision's transforms and PIL.

Reads a JSON list of {"path", "out", "size", "crop_pct", "interpolation", "crop_mode"} from the file named first and
writes the bytes [size, size, 3] of each image to its "out".
"""

import json
import sys

from peers import torch  # isort: first
from PIL import Image
from timm.data import create_transform

with open(sys.argv[1]) as file:
    cases = json.load(file)
for case in cases:
    transform = create_transform(
        input_size=case["size"],
        interpolation=case["interpolation"],
        crop_pct=case["crop_pct"],
        crop_mode=case["crop_mode"],
        mean=(0, 0, 0),
        std=(1, 1, 1),
    )
    image = transform(Image.open(case["path"]).convert("RGB"))
    pixels = (image * 255).round().to(torch.uint8).permute(1, 2, 0)
    with open(case["out"], "wb") as file:
        file.write(pixels.contiguous().numpy().tobytes())
