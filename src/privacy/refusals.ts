/** What is said when nobody can be meant. Pure. */
import { type Refusal, refuse } from '../kernel/errors.ts';

export function unknownPerson(id: string): Refusal {
  return refuse(
    'unknown-person',
    `Nothing is kept about "${id}". Give the person's id as in the directory, such as 3f1c… in trust.yaml.`,
  );
}

export function noId(id: string): Refusal {
  return refuse(
    'unknown-person',
    `"${id}" is not the id of a person. Nothing was done. Give the "Object ID" that the directory (Entra) has for them, such as 6f1c1f9e-2a55-4a0e-9a46-6f5d4a8f2f10.`,
  );
}
