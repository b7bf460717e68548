/** A Python that has torch, torchvision and timm, or why there is none. */
export declare function python():
  | { readonly path: string; readonly missing?: undefined }
  | { readonly missing: string; readonly path?: undefined }

/** The path of such a Python. @throws when there is none, with the reason. */
export declare function requirePython(): string
