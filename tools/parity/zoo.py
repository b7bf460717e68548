"""Writes what timm's model computes, for packages/zoo/src/timm.parity.ts.

python tools/parity/zoo.py FOLDER MODEL SIZE BATCH [train]

FOLDER gets weights.safetensors (random), images.bin (uint8, NHWC) and expected.safetensors: `logits`, or with `train`
the cross-entropy `loss` with labels 0, 1, 2, …, `gradient.NAME` of each parameter and `state.NAME` of each running
statistic after the step. Everything is computed in float64. Needs timm and safetensors.
"""

import copy
import sys
from pathlib import Path

from peers import timm, torch
from safetensors.torch import save_file

MEAN, STD = ([255 * value for value in values] for values in [(0.485, 0.456, 0.406), (0.229, 0.224, 0.225)])


def randomize(model):
    """Gives batch-norms values of their own: fresh ones hide mistakes. Small scales keep deep sums tame."""
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.weight, 0.2, 0.5)
            torch.nn.init.normal_(module.bias, 0, 0.1)
            torch.nn.init.normal_(module.running_mean, 0, 0.1)
            torch.nn.init.uniform_(module.running_var, 0.5, 1.5)


def normalized(images):
    return ((images.double() - torch.tensor(MEAN)) / torch.tensor(STD)).permute(0, 3, 1, 2)


def margin(model, images):
    """The smallest magnitude that enters a ReLU in training, whose slope jumps at zero."""
    trial, smallest = copy.deepcopy(model).double().train(), []
    for module in trial.modules():
        if isinstance(module, torch.nn.ReLU):
            module.register_forward_pre_hook(lambda _, inputs: smallest.append(inputs[0].abs().min().item()))
    with torch.no_grad():
        trial(normalized(images))
    return min(smallest)


def draw_images(model, shape, train):
    """Random pixels; in training such that float32's rounding moves no activation to the other side of zero."""
    while True:
        images = torch.randint(0, 256, shape, dtype=torch.uint8)
        if not train or margin(model, images) > 3e-6:
            return images


def expected(model, images, train):
    x = normalized(images)
    model.double().train(train)
    if not train:
        with torch.no_grad():
            return {'logits': model(x)}
    loss = torch.nn.functional.cross_entropy(model(x), torch.arange(len(images)))
    loss.backward()
    gradients = {f'gradient.{name}': parameter.grad for name, parameter in model.named_parameters()}
    statistics = {f'state.{name}': buffer for name, buffer in model.named_buffers() if buffer.dim() > 0}
    return {'loss': loss.detach(), **gradients, **statistics}


folder, name, size, batch, *options = sys.argv[1:]
folder, size, batch, train = Path(folder), int(size), int(batch), 'train' in options
torch.manual_seed(0)
model = timm.create_model(name)
randomize(model)
save_file({key: value.contiguous() for key, value in model.state_dict().items()}, folder / 'weights.safetensors')
images = draw_images(model, (batch, size, size, 3), train)
(folder / 'images.bin').write_bytes(images.numpy().tobytes())
results = expected(model, images, train)
save_file({key: value.float().contiguous() for key, value in results.items()}, folder / 'expected.safetensors')
