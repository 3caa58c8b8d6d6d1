using System.Globalization;
using Replica.Tests.EndToEnd.Crashes;

// The test host never comes here: this is the process that crash tests start and kill.
if (args is [CrashWriter.Command, var directory, var space, var first])
{
    await CrashWriter.RunAsync(directory, space, int.Parse(first, CultureInfo.InvariantCulture));
}

return 2;
