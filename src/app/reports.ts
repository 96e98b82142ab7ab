/**
 * Term reports with what they are made of: releases of attendance, and people's words as they may stand
 * in public. Who works here is known from the directory, what is a word from English.
 */
import { isEnglish } from '../answers/spelling.ts';
import type { HoldsBack } from '../cards/held.ts';
import type { Trust } from '../config/trust.ts';
import type { PublicWording } from '../digests/ports.ts';
import { publicWords } from '../digests/public-words.ts';
import { createReports, type ReportResources, type Reports } from '../digests/report-service.ts';
import type { Directory } from '../directory/model.ts';
import { ownWords } from './pupil-names.ts';
import { termReleases } from './term-figures.ts';

type Parts = Pick<ReportResources, 'db' | 'trust' | 'checkins' | 'log'> & {
  readonly directory: Pick<Directory, 'staff' | 'holder'>;
  readonly attendance: Parameters<typeof termReleases>[0];
  readonly shelf: ReportResources['shelf'];
  readonly holdsBack: HoldsBack;
};

export function reportsOf({
  db,
  trust,
  checkins,
  log,
  directory,
  attendance,
  shelf,
  holdsBack,
}: Parts): Reports {
  return createReports({
    db,
    trust,
    directory,
    checkins,
    releases: termReleases(attendance),
    wording: publicWording(trust, directory, holdsBack),
    shelf,
    log,
  });
}

function publicWording(
  trust: Trust,
  directory: Pick<Directory, 'staff'>,
  holdsBack: HoldsBack,
): PublicWording {
  const own = new Set(ownWords(trust));
  return {
    withoutStaff: async () =>
      publicWords(await directory.staff(), (word) => own.has(word) || isEnglish(word)),
    tellsOfPupil: async (text) => (await holdsBack(text)) !== undefined,
  };
}
