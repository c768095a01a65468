export { type GeneratedOptions, generated, generatedCases } from './generated.js'
