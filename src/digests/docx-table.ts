/**
 * A table of a Word document: its first row is the header and stands on every page, no row is torn in two, and it has a title and
 * a description for whoever does not see it. The library writes neither of the two, so they are added to what it makes.
 */
import {
  BorderStyle,
  ImportedXmlComponent,
  type ITableOptions,
  Paragraph,
  Table,
  TableCell,
  TableProperties,
  TableRow,
  TextRun,
  WidthType,
} from 'docx';

/** `title` and `description`: Word's alternative text. `widths`: percent, a column each. */
export type TableParts = {
  readonly title: string;
  readonly description: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly (string | Paragraph)[])[];
  readonly widths: readonly number[];
};

const LINE = { style: BorderStyle.SINGLE, size: 4, color: '8A8886' };

export function table({ title, description, header, rows, widths }: TableParts): Table {
  const cell = (content: string | Paragraph, index: number, bold = false) =>
    new TableCell({
      width: { size: widths[index] ?? 10, type: WidthType.PERCENTAGE },
      margins: { left: 60, right: 60, top: 20, bottom: 20 },
      ...(bold ? { shading: { fill: 'DDE6F2' } } : {}),
      children: [
        typeof content === 'string'
          ? new Paragraph({ children: [new TextRun({ text: content, bold })] })
          : content,
      ],
    });
  return new DescribedTable(
    {
      width: { size: 100, type: WidthType.PERCENTAGE },
      tableLook: { firstRow: true, firstColumn: true, noHBand: true, noVBand: true },
      borders: {
        top: LINE,
        bottom: LINE,
        left: LINE,
        right: LINE,
        insideHorizontal: LINE,
        insideVertical: LINE,
      },
      rows: [
        new TableRow({
          tableHeader: true,
          cantSplit: true,
          children: header.map((text, index) => cell(text, index, true)),
        }),
        ...rows.map(
          (row) =>
            new TableRow({ cantSplit: true, children: row.map((content, index) => cell(content, index)) }),
        ),
      ],
    },
    { title, description },
  );
}

/** In the schema's order (CT_TblPr) `tblCaption` and `tblDescription` stand last among a table's properties. */
class DescribedTable extends Table {
  constructor(options: ITableOptions, { title, description }: Pick<TableParts, 'title' | 'description'>) {
    super(options);
    for (const part of this.root)
      if (part instanceof TableProperties) {
        part.addChildElement(new ImportedXmlComponent('w:tblCaption', { 'w:val': title }));
        part.addChildElement(new ImportedXmlComponent('w:tblDescription', { 'w:val': description }));
      }
  }
}
