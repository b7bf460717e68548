import { describe, expect, it } from 'vitest'
import { classificationReport, confusionMatrix, macroF1 } from './classification-report.js'

const confusion = confusionMatrix([0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 0, 0], 4)

describe('confusionMatrix', () => {
  it('has a row a label and a column a prediction', () => {
    expect(confusion).toEqual([
      [2, 1, 0, 0],
      [1, 1, 0, 0],
      [1, 0, 0, 0],
      [0, 0, 0, 0],
    ])
  })

  it('names what does not fit', () => {
    expect(() => confusionMatrix([0], [], 2)).toThrow('1 labels and 0 predictions')
    expect(() => confusionMatrix([0], [2], 2)).toThrow('label 0 and prediction 2 at 0 must be from 0 to 1')
    expect(() => confusionMatrix([-1], [0], 2)).toThrow('label -1')
  })
})

describe('classificationReport', () => {
  it('has precision, recall and F1 of each class, and 0 where there is nothing to divide', () => {
    const [cat, dog, fox, owl] = classificationReport(confusion, ['cat', 'dog', 'fox', 'owl'])
    expect(cat).toEqual({ label: 'cat', precision: 2 / 4, recall: 2 / 3, f1: 4 / 7, images: 3 })
    expect(dog).toEqual({ label: 'dog', precision: 1 / 2, recall: 1 / 2, f1: 1 / 2, images: 2 })
    expect(fox).toEqual({ label: 'fox', precision: 0, recall: 0, f1: 0, images: 1 })
    expect(owl).toEqual({ label: 'owl', precision: 0, recall: 0, f1: 0, images: 0 })
  })
})

describe('macroF1', () => {
  it('averages the classes that occur', () => {
    expect(macroF1(confusion)).toBeCloseTo((4 / 7 + 1 / 2 + 0) / 3, 12)
    expect(macroF1([[0]])).toBe(0)
  })
})
