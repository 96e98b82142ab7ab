// The service's plan and site and, where the plan has them, a second slot in which an upgrade is started before it takes over.
// Not compiled, see ../azure.bicep.

param location string
param planName string
param siteName string
param planSku string

@minValue(1)
param instances int
param zoneRedundant bool

@description('Basic plans have no slots.')
param upgradeSlot bool

@description('Resource id of the identity that the site runs as and reads the vault with.')
param identityId string

@description('What the service reads at its start: objects of name and value. Where it sends its telemetry is added here.')
param appSettings array

@description('Subnet through which the site reaches private endpoints; empty: none.')
param subnetId string
param insightsName string
param workspaceId string

// Read here and not handed from module to module: what is handed on stays in the history of deployments.
resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: planName
  location: location
  kind: 'linux'
  sku: {
    name: planSku
    capacity: instances
  }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

var siteProperties = {
  serverFarmId: plan.id
  httpsOnly: true
  clientAffinityEnabled: false
  keyVaultReferenceIdentity: identityId
  virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
  siteConfig: {
    linuxFxVersion: 'NODE|24-lts'
    // As `npm start`, but `exec`: a shell or npm in between would keep the signal to end from the service.
    appCommandLine: 'exec ./node_modules/.bin/node --expose-gc --max-semi-space-size=4 --max-old-space-size=1024 src/start.mjs main'
    // Not /readyz: where the database is away, or no consent was given yet, every instance would be replaced in vain.
    healthCheckPath: '/healthz'
    // The schedules run in the process, so it must not be put to sleep.
    alwaysOn: true
    ftpsState: 'Disabled'
    minTlsVersion: '1.2'
    scmMinTlsVersion: '1.2'
    http20Enabled: true
    vnetRouteAllEnabled: !empty(subnetId)
    appSettings: concat(appSettings, [
      { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: insights.properties.ConnectionString }
    ])
  }
}

resource site 'Microsoft.Web/sites@2024-11-01' = {
  name: siteName
  location: location
  kind: 'app,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: siteProperties
}

resource slot 'Microsoft.Web/sites/slots@2024-11-01' = if (upgradeSlot) {
  parent: site
  name: 'next'
  location: location
  kind: 'app,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: siteProperties
}

// Code is deployed with an Entra token; there is no user name and password that would do.
resource deployment 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: site
  name: 'scm'
  properties: {
    allow: false
  }
}

resource ftp 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: site
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource slotDeployment 'Microsoft.Web/sites/slots/basicPublishingCredentialsPolicies@2024-11-01' = if (upgradeSlot) {
  parent: slot
  name: 'scm'
  properties: {
    allow: false
  }
}

resource slotFtp 'Microsoft.Web/sites/slots/basicPublishingCredentialsPolicies@2024-11-01' = if (upgradeSlot) {
  parent: slot
  name: 'ftp'
  properties: {
    allow: false
  }
}

// What a start that fails says comes before the service can send anything itself.
resource console 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: site
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'AppServiceConsoleLogs'
        enabled: true
      }
      {
        category: 'AppServicePlatformLogs'
        enabled: true
      }
    ]
  }
}

output id string = site.id
