using System.CommandLine;

namespace Replica.PeerCli.Commands;

/// <summary><c>dev</c>: for those who build on Replica or on its formats. Needs no home and touches none.</summary>
internal static class DevCommand
{
    /// <summary>Makes the command with those below it.</summary>
    public static Command Create(Globals globals) => new("dev", "For developers: run scenarios, look at encodings; needs no home")
    {
        ScenarioCommand.Create(globals),
        MsgpackCommand.Create(globals),
    };
}
