using System.CommandLine;

namespace Replica.PeerCli.Commands;

/// <summary><c>dev</c>: for those who build on Replica or on its formats. All but <c>write</c> need no home and touch none.</summary>
internal static class DevCommand
{
    /// <summary>Makes the command with those below it.</summary>
    public static Command Create(Globals globals) => new("dev", "For developers: run scenarios, look at encodings, put load on a home")
    {
        ScenarioCommand.Create(globals),
        MsgpackCommand.Create(globals),
        WriteCommand.Create(globals),
        VectorsCommand.Create(globals),
        IdentityPayloadCommand.Create(globals),
        EchoCommand.Create(globals),
    };
}
