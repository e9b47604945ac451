/** All that the compiled module offers; what each does is said, in plain TypeScript, by the file of ../shared that calls it. */
export { countNoise, deviate, learn, lookUp } from './background';
export { reduceByFour, reduceByFours, reduceByTwo } from './grid';
export { estimate } from './illumination';
export { findRuns } from './regions';
export { lumaOfRgba } from './rgba';
