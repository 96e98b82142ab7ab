// Where operators keep what they take out of the database: a dump before each upgrade, one a month, and the audit's last seal. Apart
// from the server, whose own backups go when it is deleted. Deleted by itself after so many days, because a dump holds people who
// have been erased since. The service has no right here. Not compiled, see ../azure.bicep.

param location string

@description('3 to 24 lower-case letters and digits.')
param name string
param zoneRedundant bool
param privateNetwork bool

@description('Dumps older than this are deleted. Days.')
@minValue(7)
param keepDays int

@description('An Entra group whose members write and read dumps; empty: nobody does yet.')
param operatorsGroupId string

@description('Public IPv4 addresses from which they do; nobody else reaches it.')
param operatorAddresses array

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  kind: 'StorageV2'
  sku: {
    name: zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS'
  }
  properties: {
    accessTier: 'Cool'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: privateNetwork && empty(operatorAddresses) ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: 'Deny'
      ipRules: [
        for address in operatorAddresses: {
          value: address
          action: 'Allow'
        }
      ]
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' = {
  parent: account
  name: 'default'
  properties: {
    deleteRetentionPolicy: {
      enabled: true
      days: 7
    }
  }
}

resource backups 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  parent: blobs
  name: 'backups'
  properties: {
    publicAccess: 'None'
  }
}

resource ageing 'Microsoft.Storage/storageAccounts/managementPolicies@2025-06-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'delete-old-dumps'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: [
                'blockBlob'
              ]
              prefixMatch: [
                'backups/'
              ]
            }
            actions: {
              baseBlob: {
                delete: {
                  daysAfterModificationGreaterThan: keepDays
                }
              }
            }
          }
        }
      ]
    }
  }
  dependsOn: [
    backups
  ]
}

// Storage Blob Data Contributor, a built-in role: may write, read and delete blobs, and change nothing of the account.
var blobContributorRole = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorsGroupId)) {
  name: guid(account.id, operatorsGroupId, blobContributorRole)
  scope: account
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobContributorRole)
    principalId: operatorsGroupId
    principalType: 'Group'
  }
}

output id string = account.id
