/** Something that holds a resource until told to let go. Calling dispose twice is harmless. */
export interface Disposable {
  dispose(): void | Promise<void>;
}
