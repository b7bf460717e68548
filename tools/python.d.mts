/** A Python that has torch, torchvision and timm, or why there is none. */
export declare function python():
  | { readonly path: string; readonly missing?: undefined }
  | { readonly missing: string; readonly path?: undefined }

/** Whether that Python has these packages too: one that CONVKIT_PYTHON names need not have all. */
export declare function hasPackages(...names: readonly string[]): boolean

/**
 * Runs a script with that Python; its standard output.
 *
 * @throws when there is no such Python, or when the script fails.
 */
export declare function runPython(
  script: string,
  args: readonly string[],
  options?: { readonly input?: Uint8Array },
): Uint8Array
