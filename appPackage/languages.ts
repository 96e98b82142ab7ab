/**
 * What Teams shows of the app, in other languages: one file for each in `appPackage/languages/`, named by its tag (`cy.json`), in the form
 * of Microsoft's localisation schema. A file may hold some of the strings; Teams shows the manifest's own for the rest. Pure.
 */

/**
 * The longest that Microsoft's localisation schema (v1.25) allows, in characters. Written down here because its validator cannot read that
 * schema: one of its patterns is none under the flag that the validator sets.
 */
const LONGEST: Readonly<Record<string, number>> = {
  'name.short': 30,
  'name.full': 100,
  'description.short': 80,
  'description.full': 4000,
};
const LONGEST_COMMAND = 4000;

/** The language of the manifest's own strings. */
const DEFAULT_LANGUAGE = 'en-gb';

type Command = { readonly title: string; readonly description: string };
type Shown = {
  readonly name: { readonly short: string; readonly full: string };
  readonly description: { readonly short: string; readonly full: string };
  readonly bots: readonly { readonly commandLists: readonly { readonly commands: readonly Command[] }[] }[];
  readonly $schema: string;
};

/** Every string that can be said in another language, by the key that the schema has for it; where to begin a translation. */
export function localisable(manifest: string): Record<string, string> {
  const { name, description, bots } = JSON.parse(manifest) as Shown;
  const commands = (bots[0]?.commandLists ?? []).flatMap((list, at) =>
    list.commands.map(
      (command, index) =>
        [`bots[0].commandLists[${at}].commands[${index}].description`, command.description] as const,
    ),
  );
  return {
    $schema: schemaOf(manifest),
    'name.short': name.short,
    'name.full': name.full,
    'description.short': description.short,
    'description.full': description.full,
    ...Object.fromEntries(commands),
  };
}

/** The localisation schema of the manifest's own version. */
function schemaOf(manifest: string): string {
  const { $schema } = JSON.parse(manifest) as Shown;
  return $schema.replace('MicrosoftTeams.schema.json', 'MicrosoftTeams.Localization.schema.json');
}

/**
 * What is wrong with a file: a string that the manifest has not, one that is empty or too long, a schema of another version, and the
 * title of a command. That is sent as it stands when somebody chooses it, so in another language the bot would be asked in words that it
 * does not know.
 */
export function languageProblems(strings: Readonly<Record<string, unknown>>, manifest: string): string[] {
  const known = localisable(manifest);
  const wrong = Object.keys(strings).filter((key) => !(key in known));
  return [
    ...wrong.map((key) =>
      /\.title$/.test(key)
        ? `${key} is sent as it stands when it is chosen; leave it out`
        : `${key} is not a string of the manifest`,
    ),
    ...Object.entries(strings).flatMap(([key, value]) => (key in known ? lengthProblem(key, value) : [])),
    ...(strings.$schema === known.$schema ? [] : [`$schema must be ${known.$schema}`]),
  ];
}

function lengthProblem(key: string, value: unknown): string[] {
  const longest = LONGEST[key] ?? LONGEST_COMMAND;
  if (typeof value !== 'string' || value.trim() === '') return [`${key} is empty`];
  return value.length > longest ? [`${key} has ${value.length} characters; ${longest} are allowed`] : [];
}

/** The manifest with the languages named that the package has files for. */
export function withLanguages(manifest: string, tags: readonly string[]): string {
  const additionalLanguages = tags
    .toSorted()
    .map((languageTag) => ({ languageTag, file: `${languageTag}.json` }));
  const localizationInfo = {
    defaultLanguageTag: DEFAULT_LANGUAGE,
    ...(tags.length > 0 ? { additionalLanguages } : {}),
  };
  return JSON.stringify({ ...JSON.parse(manifest), localizationInfo }, null, 2);
}
