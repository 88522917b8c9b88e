const numberReasons: Readonly<Record<string, string>> = {
  'not-digits': 'is no mobile number: something other than digits stands in it',
  length: 'is no mobile number: it does not have ten digits',
  range: 'is no mobile number: Indian ones begin with 6, 7, 8 or 9',
  'all-same-digit': 'is no mobile number: one digit ten times',
  'scientific-notation': 'lost its last digits in a spreadsheet; format the column as text',
  'second-number': 'holds two numbers; the first counts, the one in brackets is not used',
  kept: 'is another number than the one that a JE or the consumer gave, which stays',
};

const choices: Readonly<Record<string, string>> = {
  kind: 'is not one of zone, circle, division, sub-division, substation, feeder, distribution-transformer',
  category: 'is not one of domestic, commercial, industrial, agriculture, hospital, waterworks, life-support',
  state: 'is not one of active, disconnected, closed',
  language: 'is not hi, en or empty',
};

const formats: Readonly<Record<string, string>> = {
  account_number: 'is not ten digits',
  code: 'is not 1 to 40 of A-Z a-z 0-9 . _ / -, or has ten digits in a row',
  old_account_numbers: 'is not a list of old numbers (3 to 20 of A-Z a-z 0-9 / -) between ; or |',
};

const unknowns: Readonly<Record<string, string>> = {
  node_code: 'is no node of the network; import the network file first',
  parent_code: 'is no node of this file or of the network',
};

const reasons: Readonly<Record<string, string>> = {
  required: 'must not be empty',
  duplicate: 'stands in an earlier line of this file already',
  superseded: 'is an old number of another account by now',
  taken: 'is an old number that belongs to another connection, or that two rows claim',
  top: 'must be empty: a zone hangs on nothing',
  orphan: 'must not be empty: only a zone hangs on nothing',
  cycle: 'hangs on itself, directly or by way of others',
  'level-order': 'is not of a larger kind than the node itself',
  'parent-refused': 'was refused, so nothing can hang on it',
  'kind-changed': 'is another kind than before; the kind of a node never changes',
  'column-count': 'has more or fewer cells than the header',
  'too-long': 'is too long',
  'control-character': 'has a control character or a mark that turns the direction of the text',
  'nul-character': 'has the character NUL',
  'scientific-notation': 'lost its last digits in a spreadsheet; format the column as text',
};

/** Says in words why a cell was not taken, for the person who mends the file; the words follow the field's name. */
export function refusalReason(field: string, rule: string): string {
  const special = { choice: choices, format: formats, unknown: unknowns }[rule]?.[field];
  return special ?? (field === 'mobile' ? numberReasons[rule] : undefined) ?? reasons[rule] ?? rule;
}
