using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Replica.Peer.Store.Sqlite;
using Replica.PeerCli.Output;

namespace Replica.PeerCli.Commands;

/// <summary>All commands of the executable.</summary>
internal static class CommandTree
{
    /// <summary>Puts them together.</summary>
    public static RootCommand Create(Terminal terminal)
    {
        var globals = new Globals(terminal);
        var root = new RootCommand("Replica keeps a graph of nodes and edges on each of your devices and makes all copies equal, without a server.")
        {
            globals.Dir,
            globals.Space,
            globals.Json,
            globals.Api,
            globals.TokenFile,
            globals.Trace,
        };
        Command[] commands =
        [
            InitCommand.Create(globals), JoinCommand.Create(globals), InviteCommand.Create(globals),
            MembersCommand.Create(globals), RoleCommand.Promote(globals), RoleCommand.Demote(globals),
            PutCommand.Create(globals), GetCommand.Create(globals), DeleteCommand.Create(globals),
            LinkCommand.Create(globals), UnlinkCommand.Create(globals), EdgesCommand.Create(globals), LsCommand.Create(globals),
            MoveCommand.Create(globals), TreeCommand.Create(globals), RespaceCommand.Create(globals),
            CountCommand.Create(globals), TagCommand.Add(globals), TagCommand.Remove(globals), DeclareCommand.Create(globals),
            ConflictsCommand.Create(globals), ResolveCommand.Create(globals), RaiseCommand.Create(globals),
            ImportCommand.Create(globals), ExportCommand.Create(globals), StateCommand.Create(globals),
            LogCommand.Create(globals), HistoryCommand.Create(globals), WatchCommand.Create(globals),
            VerifyCommand.Create(globals), RepairCommand.Create(globals), BackupCommand.Create(globals), RestoreCommand.Create(globals),
            RunCommand.Create(globals), ConfigCommand.Create(globals),
            RelayCommand.Create(globals), StatusCommand.Create(globals), PeersCommand.Create(globals), DoctorCommand.Create(globals),
            IdentityCommand.Create(globals), TokenCommand.Create(globals), WhoCommand.Create(globals),
            PresenceCommand.Create(globals), DemoCommand.Create(globals),
            NetworkCommand.Create(globals, "pause", "Cut all peer connections of a running daemon and make no new ones"),
            NetworkCommand.Create(globals, "resume", "Let a paused daemon connect again"),
            CompletionCommand.Create(globals), CompletionCommand.CreateAsked(globals, root), DevCommand.Create(globals),
        ];
        foreach (var command in commands)
        {
            root.Add(command);
        }

        foreach (var version in root.Options.OfType<VersionOption>())
        {
            version.Action = new VersionWithEngine(version.Action!);
        }

        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpWithExamples((HelpAction)help.Action!);
        }

        return root;
    }

    private sealed class VersionWithEngine(CommandLineAction version) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var result = ((SynchronousCommandLineAction)version).Invoke(parseResult);
            parseResult.InvocationConfiguration.Output.WriteLine($"sqlite {SqliteLibrary.Describe()}");
            return result;
        }
    }

    private sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var result = help.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            var examples = Examples.Of(parseResult.CommandResult);
            if (examples.Count > 0)
            {
                output.WriteLine("Examples:");
                foreach (var example in examples)
                {
                    output.WriteLine("  " + example);
                }

                output.WriteLine();
            }

            return result;
        }
    }
}
