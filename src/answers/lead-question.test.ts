import { strict as assert } from 'node:assert';
import { asksForLead, leadReply } from './lead-question.ts';

const lead = { name: 'Mel Okafor', phone: 'ext. 204' };
const trustLead = { name: 'Samina Hussain', phone: '01632 960100 ext. 120' };

describe('the question who the safeguarding lead is', () => {
  for (const typed of [
    'who is the safeguarding lead',
    "Who's our DSL?",
    'whos the dsl here',
    'DSL',
    'Who is my designated safeguarding lead?',
    "what is the number for the school's safeguarding lead",
    'Tell me who is the safeguarding lead at my school please',
  ])
    it(`is taken: ${typed}`, () => assert.ok(asksForLead(typed)));

  for (const typed of [
    'what does a safeguarding lead do',
    'who is the attendance lead',
    'safeguarding',
    'when do I speak to the safeguarding lead',
    'who trains the DSL',
  ])
    it(`goes on to the documents: ${typed}`, () => assert.ok(!asksForLead(typed)));

  it('is answered with the name and number of both, and where they come from', () => {
    const { text } = leadReply(lead, trustLead);
    for (const words of ['Mel Okafor, ext. 204', 'Samina Hussain, 01632 960100 ext. 120', 'list of contacts'])
      assert.ok(text?.includes(words), words);
  });

  it('names the trust’s lead once to those who have no school', () => {
    assert.equal(leadReply(trustLead, trustLead).text?.split('Samina Hussain').length, 2);
  });
});
