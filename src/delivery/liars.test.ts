/** The short form of `npm run bench:faults -- --only liars`. */
import { strict as assert } from 'node:assert';
import { openPost, type Post } from '../../test/support/delivery.ts';
import { LIARS_TIMEOUT, sendToLiars } from '../../test/support/liars.ts';
import { useStore } from '../../test/support/store.ts';

describe('a Teams that lies', () => {
  const store = useStore();
  const people = Array.from({ length: 150 }, (_, index) => `p${index}`);
  let post: Post;
  before(async () => {
    post = await openPost(store(), { connector: { timeout: LIARS_TIMEOUT } });
    await post.meet(people);
  });
  after(() => post?.close());

  it('is sent nothing twice, and nothing is called delivered that is not there', async () => {
    const { delivery, sandbox } = post;
    const deliver = () => delivery.drain(new Date(), 30_000);
    const result = await sendToLiars({ store: store(), sandbox, delivery, deliver }, people, 20261123);
    const { doubled, falselyDelivered, askedAgain, lost } = result;
    assert.deepEqual(
      { doubled, falselyDelivered, askedAgain, lost },
      { doubled: 0, falselyDelivered: 0, askedAgain: 0, lost: 0 },
    );
    assert.ok(result.delivered > 0 && result.uncertain > 0, JSON.stringify(result));
    assert.equal(Object.keys(result.lies).length, 10, JSON.stringify(result.lies));
  });
});
