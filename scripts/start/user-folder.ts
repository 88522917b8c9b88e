/** The folder that the user is in; npm runs us in the repository's and leaves theirs here. */
export function userFolder(env: NodeJS.ProcessEnv): string {
  return env['INIT_CWD'] || process.cwd();
}
