/** What is asked of the store cannot be done. Its message is for the person at the keyboard, and ends the program with code 2. */
export const storeRefused = (message: string): Error => Object.assign(new Error(message), { name: 'ConfigError' });
