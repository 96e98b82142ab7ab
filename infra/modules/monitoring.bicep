// Where logs, traces and metrics go: one workspace with a cap for each day, and Application Insights on it. Nobody writes there with
// a key: the service signs in by its identity. Not compiled, see ../azure.bicep.

param location string
param workspaceName string
param insightsName string

@description('How much is taken in a day, in GB, as text: Bicep knows whole numbers only. What comes after is lost until the next day.')
param dailyCapGb string

@description('Object id of the identity that writes.')
param writerObjectId string

// Days. The register of processing says how long logs are kept (docs/PRIVACY.md).
var keepDays = 30

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: workspaceName
  location: location
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: keepDays
    workspaceCapping: {
      dailyQuotaGb: json(dailyCapGb)
    }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: insightsName
  location: location
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    IngestionMode: 'LogAnalytics'
    DisableLocalAuth: true
  }
}

// Tables of Application Insights are kept for 90 days unless each is told otherwise.
resource tables 'Microsoft.OperationalInsights/workspaces/tables@2025-07-01' = [
  for table in [
    'AppAvailabilityResults'
    'AppDependencies'
    'AppExceptions'
    'AppMetrics'
    'AppRequests'
    'AppTraces'
  ]: {
    parent: workspace
    name: table
    properties: {
      retentionInDays: keepDays
      totalRetentionInDays: keepDays
    }
    dependsOn: [
      insights
    ]
  }
]

// Monitoring Metrics Publisher, a built-in role: may send telemetry to this resource, and read none of it.
var publisherRole = '3913510d-42f4-4e42-8a64-420c390055eb'

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, writerObjectId, publisherRole)
  scope: insights
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', publisherRole)
    principalId: writerObjectId
    principalType: 'ServicePrincipal'
  }
}

output workspaceId string = workspace.id
output insightsId string = insights.id
