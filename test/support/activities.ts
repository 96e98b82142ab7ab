/** Inbound activities as Teams sends them, reduced to what the service reads. */

export const BOT_TENANT = '0d7a2c1e-64b5-4c3b-8a51-3d1f0f5a9b77';

/** A message in a personal chat. `over` replaces or, with undefined, removes fields. */
export function messageActivity(serviceUrl: string, over: Readonly<Record<string, unknown>> = {}): object {
  return {
    type: 'message',
    id: '1732176000001',
    timestamp: '2026-11-23T07:30:00.000Z',
    channelId: 'msteams',
    serviceUrl,
    from: { id: '29:ada', name: 'Ada Reed', aadObjectId: '5b0c7f6e-0b1d-4b7c-9a55-1c2d3e4f5a6b' },
    recipient: { id: '28:waymark', name: 'Waymark' },
    conversation: { id: 'a:chat', conversationType: 'personal', tenantId: BOT_TENANT },
    channelData: { tenant: { id: BOT_TENANT } },
    text: 'What are our priorities?',
    ...over,
  };
}
