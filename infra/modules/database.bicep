// PostgreSQL for one trust: Entra sign-in only, the service's identity as its administrator, and backups.
// Not compiled, see ../azure.bicep.

param location string
param name string
param skuName string

@description('Burstable belongs to B sizes, GeneralPurpose to D sizes; only the latter can have a standby.')
@allowed([
  'Burstable'
  'GeneralPurpose'
])
param skuTier string

@minValue(32)
param storageGb int

@minValue(7)
@maxValue(35)
param backupDays int
param zoneRedundant bool
param privateNetwork bool
param tenantId string

@description('The identity\'s name: it is also the name of its database user.')
param administratorName string
param administratorObjectId string

@description('An Entra group whose members may dump and restore; empty: the service alone signs in.')
param operatorsGroupId string
param operatorsGroupName string

@description('Public IPv4 addresses from which operators reach the server.')
param operatorAddresses array

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01' = {
  name: name
  location: location
  sku: {
    name: skuName
    tier: skuTier
  }
  properties: {
    version: '17'
    storage: {
      storageSizeGB: storageGb
      autoGrow: 'Enabled'
    }
    backup: {
      backupRetentionDays: backupDays
      geoRedundantBackup: 'Disabled'
    }
    highAvailability: {
      mode: zoneRedundant ? 'ZoneRedundant' : 'Disabled'
    }
    authConfig: {
      activeDirectoryAuth: 'Enabled'
      passwordAuth: 'Disabled'
      tenantId: tenantId
    }
    network: {
      // With a private endpoint alone nobody outside the network reaches it; operators' addresses open it to those again.
      publicNetworkAccess: privateNetwork && empty(operatorAddresses) ? 'Disabled' : 'Enabled'
    }
  }
}

// The service's identity owns its tables and migrates them at start, so it administers the server. A trust that shares the
// server with another application should make a lesser role instead.
resource administrator 'Microsoft.DBforPostgreSQL/flexibleServers/administrators@2025-08-01' = {
  parent: server
  name: administratorObjectId
  properties: {
    principalType: 'ServicePrincipal'
    principalName: administratorName
    tenantId: tenantId
  }
}

// One change at a time: the server refuses a second while the first is being made.
resource operators 'Microsoft.DBforPostgreSQL/flexibleServers/administrators@2025-08-01' = if (!empty(operatorsGroupId)) {
  parent: server
  name: empty(operatorsGroupId) ? 'none' : operatorsGroupId
  properties: {
    principalType: 'Group'
    principalName: operatorsGroupName
    tenantId: tenantId
  }
  dependsOn: [
    administrator
  ]
}

resource waymark 'Microsoft.DBforPostgreSQL/flexibleServers/databases@2025-08-01' = {
  parent: server
  name: 'waymark'
  properties: {
    charset: 'UTF8'
    collation: 'en_US.utf8'
  }
  dependsOn: [
    operators
  ]
}

// 0.0.0.0 to 0.0.0.0 stands for "from within Azure", any customer's: Entra sign-in is what keeps others out. The large profile
// has a private endpoint instead.
resource fromAzure 'Microsoft.DBforPostgreSQL/flexibleServers/firewallRules@2025-08-01' = if (!privateNetwork) {
  parent: server
  name: 'from-azure'
  properties: {
    startIpAddress: '0.0.0.0'
    endIpAddress: '0.0.0.0'
  }
  dependsOn: [
    waymark
  ]
}

@batchSize(1)
resource fromOperators 'Microsoft.DBforPostgreSQL/flexibleServers/firewallRules@2025-08-01' = [
  for (address, index) in operatorAddresses: {
    parent: server
    name: 'from-operators-${index}'
    properties: {
      startIpAddress: address
      endIpAddress: address
    }
    dependsOn: [
      fromAzure
    ]
  }
]

output host string = server.properties.fullyQualifiedDomainName
output id string = server.id
