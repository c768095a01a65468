export { type GeneratedOptions, generated, generatedCases } from './generated.js'
export { generatedSideBySide } from './side-by-side.js'
