export { type Answer, answerOnce, type Once, type Worked } from './answer-once.ts';
export { ANSWER_DAYS, cleanAnswers } from './clean-answers.ts';
