/** Something the user can mend, said in one sentence with the fix. Anything else that is thrown is a defect of ours. */
export class ImportProblem extends Error {
  override readonly name = 'ImportProblem';
}
