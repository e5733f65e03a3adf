// Runs model.onnx in ONNX Runtime and compares its output with the expected values.
// Needs the package onnxruntime-node, or another one that is named as the first argument.
// Ends with 1 if the difference exceeds the tolerance.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const INFINITE = 1e30; // Larger elements count as infinite, as masks do.
const TYPES = {
  F64: ['float64', Float64Array], F32: ['float32', Float32Array], F16: ['float16', Uint16Array],
  BOOL: ['bool', Uint8Array], I64: ['int64', BigInt64Array], U64: ['uint64', BigUint64Array],
  I32: ['int32', Int32Array], U32: ['uint32', Uint32Array], I16: ['int16', Int16Array],
  U16: ['uint16', Uint16Array], I8: ['int8', Int8Array], U8: ['uint8', Uint8Array],
};

function readTensors(path) {
  const file = readFileSync(path);
  const length = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString('utf8', 8, 8 + length));
  const tensors = {};
  for (const [name, { dtype, shape, data_offsets: [begin, end] }] of Object.entries(header)) {
    if (!(dtype in TYPES)) {
      throw new Error(`JavaScript has no type ${dtype}`);
    }
    const [type, Elements] = TYPES[dtype];
    const bytes = new Uint8Array(file.subarray(8 + length + begin, 8 + length + end));
    tensors[name] = { type, shape, data: new Elements(bytes.buffer) };
  }
  return tensors;
}

function fromHalf(bits) {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) {
    return fraction ? NaN : sign * Infinity;
  }
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -24 * fraction);
}

function numbers({ type, data }) {
  const isHalf = type === 'float16' && data instanceof Uint16Array;
  return Float64Array.from(data, isHalf ? fromHalf : Number);
}

function difference(expected, actual) {
  if (String(expected.shape) !== String(actual.dims)) {
    throw new Error(`the shape is ${actual.dims}, not ${expected.shape}`);
  }
  const largest = actual.type === 'float16' ? 65504 : INFINITE;
  const limited = (number) => (Math.abs(number) > largest ? Math.sign(number) * Infinity : number);
  const wanted = numbers(expected).map(limited);
  const found = numbers(actual).map(limited);
  let error = 0;
  for (let i = 0; i < wanted.length; i++) {
    if (Number.isFinite(wanted[i]) && Number.isFinite(found[i])) {
      error = Math.max(error, Math.abs(wanted[i] - found[i]));
    } else if (!Object.is(wanted[i], found[i])) {
      return Infinity;
    }
  }
  return error;
}

// The package is searched beside this file, and where the command runs.
function locate(name) {
  for (const base of [import.meta.url, pathToFileURL(join(process.cwd(), 'run.mjs'))]) {
    try {
      return pathToFileURL(createRequire(base).resolve(name)).href;
    } catch {
      // It is not there.
    }
  }
  throw new Error(`there is no package ${name}; run: npm install ${name}`);
}

const name = process.argv[2] ?? 'onnxruntime-node';
const module = await import(locate(name));
const ort = module.default?.InferenceSession ? module.default : module;
const settings = JSON.parse(readFileSync(join(folder, 'reproduction.json'), 'utf8'));
const tensors = readTensors(join(folder, 'tensors.safetensors'));
const session = await ort.InferenceSession.create(readFileSync(join(folder, 'model.onnx')), {
  graphOptimizationLevel: settings.level === 'none' ? 'disabled' : settings.level,
  intraOpNumThreads: settings.threads,
  extra: { session: { qdq_matmulnbits_accuracy_level: '1' } },
});
const inputs = {};
for (const input of session.inputNames) {
  const { type, data, shape } = tensors[`inputs/${input}`];
  inputs[input] = new ort.Tensor(type, data, shape);
}
const outputs = await session.run(inputs, [settings.output]);
const actual = outputs[settings.output];
const error = difference(tensors[`expected/${settings.output}`], actual);
const wrong = !(error <= settings.tolerance);
console.log(
  `${name}: the largest difference is ${error.toPrecision(6)}; ` +
    `${settings.tolerance.toPrecision(6)} are allowed: ${wrong ? 'WRONG' : 'right'}`,
);
process.exitCode = wrong ? 1 : 0;
