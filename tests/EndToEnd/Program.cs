using System.Globalization;
using Replica.Tests.EndToEnd.Crashes;
using Replica.Tests.EndToEnd.Reach;

// The test host never comes here: this is the process that crash tests start and kill.
if (args is [CrashWriter.Command, var directory, var space, var first])
{
    await CrashWriter.RunAsync(directory, space, int.Parse(first, CultureInfo.InvariantCulture));
}

if (args is [LanLiar.Command, var network, var addresses])
{
    await LanLiar.RunAsync(network, int.Parse(addresses, CultureInfo.InvariantCulture));
}

return 2;
