/** Rows of the ledger of deliveries and the conversation references. Written by `delivery/store.ts` alone. */
export type DeliveryTables = Record<never, never>;
