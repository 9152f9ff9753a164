/**
 * TF.js's backends on this device: starting one, and detecting and replacing a lost WebGL context.
 */

import {
  getThreadsCount,
  setThreadsCount,
  setWasmPaths,
} from '@tensorflow/tfjs-backend-wasm/dist/base.js';
import {
  GPGPUContext,
  MathBackendWebGL,
  setWebGLContext,
} from '@tensorflow/tfjs-backend-webgl/dist/base.js';
import { env, ready, registerBackend, removeBackend, setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu/dist/base.js';
import 'glassbooth-kernels';
import { EngineError } from './errors.js';
import { claimThreads, threadsStart } from './threads.js';

/** @typedef {'webgl'|'wasm'|'cpu'} Backend */

/** In the order of trials. `cpu`, plain JavaScript, is the last resort. */
export const BACKENDS = /** @type {const} */ (['wasm', 'webgl', 'cpu']);

/** Software renderers of Chromium, Mesa and Windows. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/** Whether WebAssembly was ever active. Querying TF.js would start it. */
let wasmUsed = false;
/** @type {WebGL2RenderingContext | null} */
let context = null;
/** @type {Promise<never>} rejects when the current WebGL context is lost */
let contextLost = new Promise(() => {});

/** @param {string} wasmFolder where the .wasm binaries are */
export function configure(wasmFolder) {
  setWasmPaths(wasmFolder);
  env().registerFlag('WASM_HAS_MULTITHREAD_SUPPORT', threadsStart);
  setThreadsCount(claimThreads());
  registerWebGL();
}

function registerWebGL() {
  removeBackend('webgl');
  registerBackend('webgl', () => new MathBackendWebGL(new GPGPUContext(openContext())), 2);
}

/** Opens a context: TF.js's own does not report its loss, and rejects software renderers. */
function openContext() {
  const canvas =
    typeof OffscreenCanvas === 'undefined' || env().getBool('IS_SAFARI')
      ? document.createElement('canvas')
      : new OffscreenCanvas(1, 1);
  const gl = /** @type {WebGL2RenderingContext | null} */ (
    canvas.getContext('webgl2', {
      alpha: false,
      antialias: false,
      premultipliedAlpha: false,
      preserveDrawingBuffer: false,
      depth: false,
      stencil: false,
      powerPreference: 'high-performance',
    })
  );
  if (!gl) throw new EngineError('unsupported', 'This browser offers no WebGL 2.');
  contextLost = new Promise((_, reject) => {
    canvas.addEventListener(
      'webglcontextlost',
      (event) => {
        event.preventDefault();
        reject(new EngineError('lost', 'The graphics context was lost.'));
      },
      { once: true },
    );
  });
  contextLost.catch(() => {});
  setWebGLContext(2, gl);
  context = gl;
  return gl;
}

/** @type {boolean | undefined} */
let graphics;

/**
 * Whether there is a GPU. On a software renderer WebGL is many times slower than WebAssembly, and a
 * trial would take seconds.
 */
export function hasGraphics() {
  graphics ??= !SOFTWARE.test(rendererName());
  return graphics;
}

/** The browser's name of the renderer; empty if unknown. */
function rendererName() {
  if (typeof OffscreenCanvas === 'undefined') return '';
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  const info = gl?.getExtension('WEBGL_debug_renderer_info');
  const name = info ? String(gl?.getParameter(info.UNMASKED_RENDERER_WEBGL)) : '';
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
  return name;
}

/**
 * Makes a backend the current one.
 * @param {Backend} backend
 * @throws {EngineError} `unsupported` if this browser cannot start it
 */
export async function activate(backend) {
  let active = false;
  try {
    active = await setBackend(backend);
    await ready();
  } catch {
    /* TF.js throws or returns false, depending on the backend; both mean the same */
  }
  if (!active) throw new EngineError('unsupported', `This browser cannot run ${backend}.`);
  wasmUsed ||= backend === 'wasm';
}

/**
 * Awaits work on a backend; rejects as soon as its WebGL context is lost.
 * @template T
 * @param {Backend} backend
 * @param {Promise<T>} work
 * @returns {Promise<T>}
 */
export function whileAlive(backend, work) {
  return backend === 'webgl' ? Promise.race([work, contextLost]) : work;
}

/** Number of threads that WebAssembly uses; 0 if it was never active. */
export function wasmThreads() {
  return wasmUsed ? Math.max(1, getThreadsCount()) : 0;
}

/** @param {Backend} backend */
export const isLost = (backend) => backend === 'webgl' && Boolean(context?.isContextLost());

/** Replaces a lost WebGL backend by one on a new context. */
export function replaceWebGL() {
  context = null;
  registerWebGL();
}
