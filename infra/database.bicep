// PostgreSQL for one trust: Entra sign-in only, the service's identity as its administrator, 14 days of backups.
// Not compiled, see azure.bicep.

param location string
param name string
param skuName string
param skuTier string
param tenantId string

@description('The identity\'s name: it is also the name of its database user.')
param administratorName string
param administratorObjectId string

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: name
  location: location
  sku: {
    name: skuName
    tier: skuTier
  }
  properties: {
    version: '17'
    storage: {
      storageSizeGB: 32
      autoGrow: 'Enabled'
    }
    backup: {
      backupRetentionDays: 14
      geoRedundantBackup: 'Disabled'
    }
    authConfig: {
      activeDirectoryAuth: 'Enabled'
      passwordAuth: 'Disabled'
      tenantId: tenantId
    }
    network: {
      publicNetworkAccess: 'Enabled'
    }
  }
}

// The service's identity owns its tables and migrates them at start, so it administers the server. A trust that shares the
// server with another application should make a lesser role instead.
resource administrator 'Microsoft.DBforPostgreSQL/flexibleServers/administrators@2024-08-01' = {
  parent: server
  name: administratorObjectId
  properties: {
    principalType: 'ServicePrincipal'
    principalName: administratorName
    tenantId: tenantId
  }
}

// 0.0.0.0 to 0.0.0.0 stands for "from within Azure", any customer's: Entra sign-in is what keeps others out. A private
// endpoint closes this too, and belongs to the larger profile.
resource fromAzure 'Microsoft.DBforPostgreSQL/flexibleServers/firewallRules@2024-08-01' = {
  parent: server
  name: 'from-azure'
  properties: {
    startIpAddress: '0.0.0.0'
    endIpAddress: '0.0.0.0'
  }
  dependsOn: [
    administrator
  ]
}

resource waymark 'Microsoft.DBforPostgreSQL/flexibleServers/databases@2024-08-01' = {
  parent: server
  name: 'waymark'
  properties: {
    charset: 'UTF8'
    collation: 'en_US.utf8'
  }
  dependsOn: [
    fromAzure
  ]
}

output host string = server.properties.fullyQualifiedDomainName
