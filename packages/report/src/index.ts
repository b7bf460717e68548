export { type Calibration, type CalibrationBin, calibration } from './calibration.js'
export { learningRateChart } from './charts/learning-rate-chart.js'
export { type ConfusedPair, confusedPairs } from './confused-pairs.js'
export { renderReport } from './render-report.js'
export type {
  Answer,
  RateTest,
  ReportData,
  ReportFigure,
  StepLogs,
  ValidationData,
  WorstImage,
} from './report-data.js'
