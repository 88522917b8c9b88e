/** Tells whether somebody wants to know what a command can do: `--help`, `-h`, or `help` in the place of what it does. */
export function asksForHelp(args: readonly string[]): boolean {
  return args[0] === 'help' || args.some((argument) => argument === '--help' || argument === '-h');
}
