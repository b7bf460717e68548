"""Networks in Keras: those of keras.applications, and the two ResNets that it has not."""

import keras
from keras import layers

applications = {"resnet50": "ResNet50", "vgg16": "VGG16", "mobilenetv2_100": "MobileNetV2"}


def network(name: str, size: int, classes: int) -> keras.Model:
    """Raw pixels in, logits out."""
    image = keras.Input((size, size, 3), dtype="uint8")
    x = layers.Rescaling(1 / 127.5, offset=-1)(image)
    if name in applications:
        application = getattr(keras.applications, applications[name])
        body = application(
            weights=None, input_shape=(size, size, 3), classes=classes, classifier_activation=None
        )
        return keras.Model(image, body(x))
    return keras.Model(image, residual_networks[name](x, classes))


def convolution(x, filters: int, kernel: int, stride: int = 1):
    """Padded as PyTorch does: alike on all sides."""
    if kernel > 1:
        x = layers.ZeroPadding2D(kernel // 2)(x)
    return layers.Conv2D(filters, kernel, stride, use_bias=False)(x)


def batch_norm(x):
    return layers.BatchNormalization(epsilon=1e-5, momentum=0.9)(x)


def block(x, filters: int, stride: int):
    y = layers.ReLU()(batch_norm(convolution(x, filters, 3, stride)))
    y = batch_norm(convolution(y, filters, 3))
    if stride > 1:
        x = batch_norm(convolution(x, filters, 1, stride))
    return layers.ReLU()(layers.Add()([x, y]))


def residual(x, widths: tuple[int, ...], blocks: int):
    for stage, filters in enumerate(widths):
        for index in range(blocks):
            x = block(x, filters, 2 if stage > 0 and index == 0 else 1)
    return layers.GlobalAveragePooling2D()(x)


def resnet18(x, classes: int):
    x = layers.ReLU()(batch_norm(convolution(x, 64, 7, 2)))
    x = layers.MaxPooling2D(3, 2)(layers.ZeroPadding2D(1)(x))
    return layers.Dense(classes)(residual(x, (64, 128, 256, 512), 2))


def resnet20(x, classes: int):
    x = layers.ReLU()(batch_norm(convolution(x, 16, 3)))
    return layers.Dense(classes)(residual(x, (16, 32, 64), 3))


residual_networks = {"resnet18": resnet18, "resnet20": resnet20}
