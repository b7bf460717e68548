// #region open
import {
  checkImages,
  cifar,
  idxFolder,
  imageFolder,
  labelFile,
  openDataset,
  parquet,
  tarShards,
  withoutUnreadable,
} from '@convkit/data'

export const photos = await imageFolder('photos', { validation: 0.2, seed: 1 })
export const others = [
  await labelFile('labels.csv'),
  await tarShards('photos-{000..009}.tar'),
  await parquet('data'),
  await cifar('cifar-10-batches-bin'),
  await idxFolder('fashion-mnist'),
  await openDataset('whatever-it-is'),
]

const { unreadable } = await checkImages(photos.train)
export const readable = withoutUnreadable(photos.train, unreadable)
// #endregion open
