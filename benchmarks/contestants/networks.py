"""The peers' networks: timm's, and the CIFAR ResNet that timm has not."""

import torch
from peers import timm
from torch import nn
from torch.nn import functional


class Block(nn.Module):
    def __init__(self, inputs: int, filters: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, filters, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(filters)
        self.conv2 = nn.Conv2d(filters, filters, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(filters)
        self.stride, self.added = stride, filters - inputs

    def forward(self, x):
        y = self.bn2(self.conv2(functional.relu(self.bn1(self.conv1(x)))))
        if self.stride > 1:
            side = self.added // 2
            x = functional.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, side, self.added - side))
        return functional.relu(x + y)


class CifarResNet(nn.Module):
    """He et al. 2016, section 4.2: three stages, shortcuts without parameters."""

    def __init__(self, blocks: int, classes: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        stages = [(16, 16, 1), (16, 32, 2), (32, 64, 2)]
        self.layers = nn.Sequential(
            *[Block(i if b == 0 else f, f, s if b == 0 else 1) for i, f, s in stages for b in range(blocks)]
        )
        self.fc = nn.Linear(64, classes)

    def forward(self, x):
        return self.fc(self.layers(functional.relu(self.bn1(self.conv1(x)))).mean((2, 3)))


def network(name: str, classes: int) -> nn.Module:
    torch.manual_seed(0)
    return CifarResNet(3, classes) if name == "resnet20" else timm.create_model(name, num_classes=classes)
