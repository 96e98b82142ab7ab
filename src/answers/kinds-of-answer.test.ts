import { strict as assert } from 'node:assert';
import { cutPassages, type DocumentFacts } from './corpus.ts';
import { readMarkdown } from './readers/markdown.ts';
import { buildIndex } from './retrieval.ts';
import { takeTurn } from './turn.ts';

const HARBOUR = `# The boathouse

## Where we are

Our usual place of mooring is Anchor House, Nine Quay Street, Porthaven, PH3 4QQ.

## Opening

Crew meetings commence at 1845 and last for one hour.
You can ask to change your berth once every 5 months, and we may suggest a trial first.
Once you have asked to change your berth, the form goes to the crew office.

## Hiring a boat

A family's income must be less than £9,100 a year to be excused the deposit for a boat.
If what a family owes for suppers reaches £12, no more suppers are given.
The hire of a rowing boat costs £7 an hour.
Boats that were hired and not cleaned must be seen to within 3 hours of their return.

## Storm days

- A storm day is called by the harbour lead before seven.
- The decision to call a storm day is valid for that day only.
- Storm day: a day on which the gates stay shut for the weather.

## Our golden rule

### Bring every boat home

## A mark in the log

Small slips on the water may result in a mark in the log given by the crew lead.
After a stretch of six months without another the mark in the log will expire.

## When nobody comes

- The log is checked for another name.
- We ring the Porthaven harbour watch:
  - In the day: 030 7000 1000
  - At night: 030 7000 2000

## Decisions

Twelve-year-old rowers may take the small boat with a buddy.

Unused rowing hours cannot be carried over into the next season.

Requests for a night sail are usual in May and are made on the sailing request form.
Decisions regarding a night sail are made by the harbour lead.

## Kit

We keep the log of each sail in Bargeman.

Ropes come from the shed.
`;

const facts: DocumentFacts = { id: 'harbour.md', title: 'The boathouse', kind: 'policy' };
const index = buildIndex([facts], cutPassages(facts, readMarkdown(HARBOUR)));

function ask(question: string): string {
  const turn = takeTurn(question, undefined, index);
  assert.equal(turn.kind, 'answer');
  if (turn.kind !== 'answer') return '';
  return turn.answer.outcome === 'answer'
    ? turn.answer.statements.map(({ text }) => text).join(' ')
    : turn.answer.outcome;
}

describe('the kind of answer that a question asks for', () => {
  for (const [question, held] of [
    ['Where is our usual place of mooring?', 'Quay Street'],
    ['What time do crew meetings start?', '1845'],
    ['How often can I ask to change my berth?', 'every 5 months'],
    ['How many times a year can I ask to change my berth?', 'every 5 months'],
    ['What is the income limit for a family to be excused the deposit?', '£9,100'],
    ['How much does the hire of a rowing boat cost?', '£7'],
    ['Within how many hours must hired boats be cleaned?', '3 hours'],
    ['Who decides on requests for a night sail?', 'harbour lead'],
    ['What is a storm day?', 'gates stay shut'],
    ['What is our golden rule?', 'every boat home'],
    ['Can leftover rowing hours be rolled into the next season?', 'cannot be carried over'],
    ['How many rowers may take the small boat?', 'refusal'],
    ['When does a mark in the log expire?', 'six months'],
    ['What is the phone number for the harbour watch at night?', '7000 2000'],
    ['How many crew are needed for a night sail?', 'refusal'],
    ['Which app do we use for the log of each sail?', 'Bargeman'],
  ] as const)
    it(`is found: ${question}`, () => assert.ok(ask(question).includes(held), ask(question)));

  for (const question of ['How much do the suppers cost?', 'Which company do ropes come from?'])
    it(`is not made of another thing: ${question}`, () => assert.equal(ask(question), 'refusal'));
});
