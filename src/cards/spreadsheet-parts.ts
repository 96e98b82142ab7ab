/**
 * What the library for spreadsheets leaves to others: links, tables with a header row and a description, pages as wide as a sheet,
 * a header on each, and the file's title and language. Written into the parts of the file while it is made (ECMA-376, part 1, 18).
 */
import type write from 'write-excel-file/node';

type Feature = NonNullable<NonNullable<Parameters<typeof write>[1]>['features']>[number];

type Link = { readonly row: number; readonly column: number; readonly text: string; readonly url: string };

export type PartsOfSheet = {
  readonly name: string;
  readonly description: string;
  readonly header: readonly string[];
  /** How many stand below the header. */
  readonly rows: number;
  /** Rows count from the header, which is 0. */
  readonly links: readonly Link[];
};

const RELATION = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
/** Where Excel keeps a table's alternative text ([MS-XLSX], 2.3.3). */
const ALTERNATIVE = '{504A1905-F514-4f6f-8877-14C23A59335A}';
const X14 = 'http://schemas.microsoft.com/office/spreadsheetml/2009/9/main';

export async function sheetParts(title: string, sheets: readonly PartsOfSheet[]): Promise<Feature> {
  const {
    appendMarkupInsideElement,
    findElement,
    getCellAddress,
    getOrderOfSiblings,
    getSelfClosingTagMarkup: tag,
    insertElementMarkupAccordingToOrderOfSiblings,
    sanitizeAttributeValue: attribute,
    sanitizeTextContent: content,
  } = await import('write-excel-file/utility');
  const order = getOrderOfSiblings('xl/worksheets/sheet{id}.xml', 'worksheet') ?? [];
  const insert = (xml: string, markup: string) =>
    insertElementMarkupAccordingToOrderOfSiblings(xml, markup, order, 'worksheet');
  /** A table has a row at least. */
  const hasTable = (index: number) => (sheets[index]?.rows ?? 0) > 0;
  const tables = sheets.flatMap((sheet, index) => (hasTable(index) ? [{ sheet, number: index + 1 }] : []));

  function table({ name, description, header, rows }: PartsOfSheet, number: number): string {
    const columns = header.map((text, index) => tag('tableColumn', { id: index + 1, name: text })).join('');
    const last = getCellAddress(rows, header.length - 1);
    return (
      `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><table xmlns="${MAIN}" id="${number}"` +
      ` name="${tableName(name)}" displayName="${tableName(name)}" ref="A1:${last}" totalsRowShown="0">` +
      `<tableColumns count="${header.length}">${columns}</tableColumns>` +
      '<tableStyleInfo name="TableStyleLight1" showFirstColumn="0" showLastColumn="0" showRowStripes="0" showColumnStripes="0"/>' +
      `<extLst><ext uri="${ALTERNATIVE}" xmlns:x14="${X14}"><x14:table altText="${attribute(name)}" altTextSummary="${attribute(description)}"/></ext></extLst></table>`
    );
  }

  function sheetXml(xml: string, index: number): string {
    const { links = [] } = sheets[index] ?? {};
    const hyperlinks = links
      .map(({ row, column }, at) =>
        tag('hyperlink', { ref: getCellAddress(row, column), 'r:id': `rId-link-${at + 1}` }),
      )
      .join('');
    const wide = insert(xml, '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>');
    const linked = hyperlinks ? insert(wide, `<hyperlinks>${hyperlinks}</hyperlinks>`) : wide;
    return hasTable(index)
      ? insert(linked, '<tableParts count="1"><tablePart r:id="rId-table-1"/></tableParts>')
      : linked;
  }

  function relations(index: number): string {
    const { links = [] } = sheets[index] ?? {};
    const own = hasTable(index)
      ? [
          tag('Relationship', {
            Id: 'rId-table-1',
            Type: `${RELATION}/table`,
            Target: `../tables/table${index + 1}.xml`,
          }),
        ]
      : [];
    const away = links.map(({ url }, at) =>
      tag('Relationship', {
        Id: `rId-link-${at + 1}`,
        Type: `${RELATION}/hyperlink`,
        Target: url,
        TargetMode: 'External',
      }),
    );
    return [...own, ...away].join('');
  }

  /** The first row is the header of every printed page. */
  function printed(xml: string): string {
    const names = sheets
      .map(
        ({ name }, index) =>
          `<definedName name="_xlnm.Print_Titles" localSheetId="${index}">'${content(name)}'!$1:$1</definedName>`,
      )
      .join('');
    const found = findElement(xml, 'definedNames');
    if (!found) throw new Error('a workbook without defined names');
    return found.selfClosingTag
      ? xml.replace(/<definedNames\s*\/>/, `<definedNames>${names}</definedNames>`)
      : appendMarkupInsideElement(xml, found, names);
  }

  return {
    files: {
      transform: {
        '[Content_Types].xml': {
          insert: () =>
            [
              ...tables.map(({ number }) =>
                tag('Override', {
                  PartName: `/xl/tables/table${number}.xml`,
                  ContentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml',
                }),
              ),
              tag('Override', {
                PartName: '/docProps/core.xml',
                ContentType: 'application/vnd.openxmlformats-package.core-properties+xml',
              }),
            ].join(''),
        },
        '_rels/.rels': {
          insert: () =>
            tag('Relationship', {
              Id: 'rId-properties-1',
              Type: `${PACKAGE}/relationships/metadata/core-properties`,
              Target: 'docProps/core.xml',
            }),
        },
        'xl/workbook.xml': { transform: (xml) => printed(xml) },
        'xl/worksheets/sheet{id}.xml': {
          transform: (xml, _options, { sheetIndex }) => sheetXml(xml, sheetIndex),
          transformElementAttributes: (name, attributes) =>
            name === 'pageSetup' ? { ...attributes, fitToWidth: 1, fitToHeight: 0 } : attributes,
        },
        'xl/worksheets/_rels/sheet{id}.xml.rels': {
          insert: (_options, { sheetIndex }) => relations(sheetIndex),
        },
      },
      write: {
        files: () => ({
          ...Object.fromEntries(
            tables.map(({ sheet, number }) => [`xl/tables/table${number}.xml`, table(sheet, number)]),
          ),
          'docProps/core.xml':
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' +
            `<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">` +
            `<dc:title>${content(title)}</dc:title><dc:creator>Waymark</dc:creator><dc:language>en-GB</dc:language></cp:coreProperties>`,
        }),
      },
    },
  };
}

/** A table's name has no spaces, and is no cell's. */
function tableName(name: string): string {
  return `Table_${name.replace(/[^A-Za-z0-9]+/g, '_')}`;
}
