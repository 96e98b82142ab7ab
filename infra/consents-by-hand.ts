/**
 * What a program may not do for a tenant, as the lines that a person types: grants on one site and one folder, the switch for consent by
 * teams' owners, the set-up policy. Pure. PowerShell, because only its modules have all of them, on any system.
 * Sources: Microsoft Graph "Create permission" (site, driveItem); Microsoft Teams "Resource-specific consent", "Grant-CsTeamsAppSetupPolicy".
 */
import type { StageName } from '../src/config/consents.ts';

const GRAPH = 'https://graph.microsoft.com/v1.0';

/** Lines to print, in order; a comment begins with `#`. */
export function byHand(stage: StageName, { botId }: { readonly botId: string }): readonly string[] {
  switch (stage) {
    case 'chat':
      return [
        '# Teams admin centre: Teams apps, Manage apps, Upload (the zip of npm run package); then Setup policies, Add,',
        '# "Waymark", with Waymark among the installed apps. Policies can be made there only; giving it to all staff is:',
        'Connect-MicrosoftTeams',
        "Grant-CsTeamsAppSetupPolicy -Group '<trust.staff_group>' -PolicyName 'Waymark' -Rank 1",
      ];
    case 'library':
      return [
        '# For each site that trust.yaml names; read, or write where milestone_list has write_back, or fullcontrol where who',
        '# may open a document is read from the library (docs/OPERATIONS.md):',
        "Connect-MgGraph -Scopes 'Sites.FullControl.All'",
        `Invoke-MgGraphRequest -Method POST -Uri '${GRAPH}/sites/<site id>/permissions' -Body (${body('read', botId, 'grantedToIdentities')})`,
      ];
    case 'reports':
      return [
        "Connect-MgGraph -Scopes 'Sites.FullControl.All'",
        `Invoke-MgGraphRequest -Method POST -Uri '${GRAPH}/drives/<drive id>/items/<folder id>/permissions' -Body (${body('write', botId, 'grantedToV2')})`,
      ];
    case 'channels':
    case 'replies':
      return [
        "# Whether teams' owners may consent at all; DisabledForAllApps would stop every one of them:",
        "Connect-MgGraph -Scopes 'TeamworkAppSettings.ReadWrite.All','Policy.ReadWrite.Authorization','Policy.ReadWrite.PermissionGrant','AppCatalog.Read.All'",
        'Get-MgBetaTeamRscConfiguration',
        'Set-MgBetaTeamRscConfiguration -State ManagedByMicrosoft',
        `# Then an owner of each team adds Waymark to it${stage === 'replies' ? ' (the package made with --with channels)' : ''}.`,
      ];
    case 'people':
    case 'install':
      return [];
  }
}

function body(role: string, botId: string, to: 'grantedToV2' | 'grantedToIdentities'): string {
  const application = `@{application=@{id='${botId}';displayName='Waymark'}}`;
  const whom = to === 'grantedToV2' ? application : `@(${application})`;
  return `@{roles=@('${role}');${to}=${whom}} | ConvertTo-Json -Depth 5`;
}
