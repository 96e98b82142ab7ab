// Looks at /readyz from outside, and tells operators when it does not answer as it should. Not compiled, see ../azure.bicep.

param location string

@description('Added to each name.')
param suffix string
param address string
param insightsId string

@description('Resource id of the action group that is told.')
param peopleId string

// Asked from outside every five minutes, from UK South and North Europe.
resource ready 'Microsoft.Insights/webtests@2022-06-15' = {
  name: 'ready-waymark-${suffix}'
  location: location
  kind: 'standard'
  tags: {
    'hidden-link:${insightsId}': 'Resource'
  }
  properties: {
    SyntheticMonitorId: 'ready-waymark-${suffix}'
    Name: 'ready-waymark-${suffix}'
    Enabled: true
    Kind: 'standard'
    Frequency: 300
    Timeout: 30
    RetryEnabled: true
    Locations: [
      {
        Id: 'emea-ru-msa-edge'
      }
      {
        Id: 'emea-gb-db3-azr'
      }
    ]
    Request: {
      RequestUrl: address
      HttpVerb: 'GET'
      ParseDependentRequests: false
    }
    ValidationRules: {
      ExpectedHttpStatusCode: 200
      SSLCheck: true
      SSLCertRemainingLifetimeCheck: 7
    }
  }
}

resource notReady 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'not-ready-waymark-${suffix}'
  location: 'global'
  tags: {
    'hidden-link:${insightsId}': 'Resource'
    'hidden-link:${ready.id}': 'Resource'
  }
  properties: {
    description: 'Waymark does not answer /readyz. Look at it in a browser: it names the part; then run doctor.'
    severity: 1
    enabled: true
    scopes: [
      ready.id
      insightsId
    ]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: ready.id
      componentId: insightsId
      failedLocationCount: 2
    }
    actions: [
      {
        actionGroupId: peopleId
      }
    ]
  }
}
