// The bot's registration with the Teams channel. It has no secret: the bot proves who it is by its managed identity, and
// the registration belongs to the trust's tenant alone. Not compiled, see ../azure.bicep.

@minLength(4)
@maxLength(42)
param name string

@maxLength(42)
param displayName string = 'Waymark'

@description('Where the channel sends messages: https, ending in /api/messages.')
param endpoint string
param identityResourceId string
param identityClientId string
param tenantId string

@description('F0 is free for Teams: standard channels are not metered.')
param sku string = 'F0'

resource registration 'Microsoft.BotService/botServices@2022-09-15' = {
  name: name
  location: 'global'
  kind: 'azurebot'
  sku: {
    name: sku
  }
  properties: {
    displayName: displayName
    endpoint: endpoint
    msaAppId: identityClientId
    msaAppMSIResourceId: identityResourceId
    msaAppTenantId: tenantId
    msaAppType: 'UserAssignedMSI'
    disableLocalAuth: true
  }
}

resource teams 'Microsoft.BotService/botServices/channels@2022-09-15' = {
  parent: registration
  name: 'MsTeamsChannel'
  location: 'global'
  properties: {
    channelName: 'MsTeamsChannel'
  }
}
