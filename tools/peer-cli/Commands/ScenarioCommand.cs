using System.CommandLine;
using Replica.Peer.Host;
using Replica.Testing.Scenarios;

namespace Replica.PeerCli.Commands;

/// <summary><c>dev scenario FILE…</c>: runs scenarios against the real merge and store, one JSON line each.</summary>
internal static class ScenarioCommand
{
    private const string Memory = "memory";
    private const string Sqlite = "sqlite";

    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = $"{ScenarioFile.Format}: .json with a list 'scenarios', or .jsonl with one a line",
            Arity = ArgumentArity.OneOrMore,
        };
        var store = new Option<string>("--store")
        {
            Description = "Where replicas rest: memory or sqlite",
            HelpName = "KIND",
            DefaultValueFactory = static _ => Memory,
        };
        store.AcceptOnlyFromAmong(Memory, Sqlite);
        var command = new Command("scenario", "Run scenarios and print a line of JSON for each") { files, store };
        command.SetAction((parse, cancellationToken) =>
        {
            // All files are read before anything is run: a name that is wrong is the commonest fault.
            var scenarios = parse.GetValue(files)!.SelectMany(Read).ToList();
            var failed = Run(globals, scenarios, parse.GetValue(store) == Sqlite, globals.IsJson(parse), cancellationToken);
            return failed == 0
                ? Task.CompletedTask
                : throw new ReplicaException("REPLICA_SCENARIO_FAILED", $"{failed} of {scenarios.Count} scenarios failed.");
        });
        return command;
    }

    private static IReadOnlyList<Scenario> Read(string file)
    {
        try
        {
            return ScenarioFile.Read(File.ReadAllBytes(file), isLines: !file.EndsWith(".json", StringComparison.OrdinalIgnoreCase));
        }
        catch (ScenarioException fault)
        {
            throw new ReplicaException("REPLICA_SCENARIO_UNREADABLE", $"{file}: {fault.Message}");
        }
    }

    private static int Run(Globals globals, List<Scenario> scenarios, bool onDisk, bool isJson, CancellationToken cancellationToken)
    {
        var folder = onDisk ? Directory.CreateTempSubdirectory("replica-scenario-").FullName : null;
        var counts = new int[Enum.GetValues<ScenarioOutcome>().Length];
        try
        {
            var options = new ScenarioOptions { StoreFolder = folder };
            foreach (var scenario in scenarios)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var result = ScenarioRunner.Run(scenario, options);
                counts[(int)result.Outcome]++;
                globals.Terminal.JsonLine(result.ToJson());
            }
        }
        finally
        {
            globals.Terminal.Output.Flush();
            if (folder is not null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        if (!isJson)
        {
            globals.Terminal.Remark($"{counts[(int)ScenarioOutcome.Ok]} ok, {counts[(int)ScenarioOutcome.Skipped]} skipped, "
                + $"{counts[(int)ScenarioOutcome.Failed]} failed");
        }

        return counts[(int)ScenarioOutcome.Failed];
    }
}
