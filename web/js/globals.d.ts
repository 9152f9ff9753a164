declare module 'glassbooth-kernels';
/** Written by the build: what the service worker keeps, and the version it keeps. */
declare const __PRECACHE__: { url: string; revision: string | null; integrity: string }[];
declare const __VERSION__: string;
