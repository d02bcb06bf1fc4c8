/** Runs the app's code. Its exception is the app's, and must not stop the rest. */
export function safely(action: () => void): void {
  try {
    action();
  } catch (error) {
    setTimeout(() => {
      throw error;
    });
  }
}
