// The vault of the secrets that a person makes once (docs/OPERATIONS.md): a template that made them would make others at each
// deployment, and every pseudonym would change with them. The service's identity may read them, and nothing else.
// Not compiled, see ../azure.bicep.

param location string
param name string
param tenantId string

@description('Object id of the identity that reads secrets.')
param readerObjectId string
param privateNetwork bool

@description('Public IPv4 addresses from which operators make and change secrets, where the vault is private.')
param operatorAddresses array

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: name
  location: location
  properties: {
    tenantId: tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
    publicNetworkAccess: privateNetwork && empty(operatorAddresses) ? 'Disabled' : 'Enabled'
    networkAcls: {
      // App Service reads references over the public address unless it is in a network of its own.
      bypass: 'None'
      defaultAction: privateNetwork ? 'Deny' : 'Allow'
      ipRules: [
        for address in operatorAddresses: {
          value: address
        }
      ]
    }
  }
}

// Key Vault Secrets User, a built-in role: may read secrets, nothing else.
var secretsUserRole = '4633458b-17de-408a-b874-0445c86b69e6'

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, readerObjectId, secretsUserRole)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUserRole)
    principalId: readerObjectId
    principalType: 'ServicePrincipal'
  }
}

output id string = vault.id
