/** The folder that the user is in; npm runs us in the repository's and leaves theirs here. */
export const userFolder = (env: NodeJS.ProcessEnv): string => env['INIT_CWD'] || process.cwd();
