using Replica.Bench;
using Replica.Bench.Sync;

if (args is [SyncChild.Mark, ..])
{
    return await SyncChild.RunAsync(args[1..]);
}

Arguments arguments;
try
{
    arguments = Arguments.Parse(args, RowTable.All());
}
catch (FormatException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return 2;
}

// One native engine for all contenders, or the comparison is of engines.
Replica.Peer.Store.Sqlite.SqliteLibrary.Initialize();

var folder = Directory.CreateDirectory(Path.Combine(arguments.Folder, "replica-bench-" + Path.GetRandomFileName())).FullName;
try
{
    var machine = Machine.Describe(folder);
    var runner = new Runner(folder, arguments.Runs);
    var results = new List<Result>();
    Console.WriteLine(Report.Heading(machine, arguments.Runs));
    foreach (var row in arguments.Rows)
    {
        results.Add(await runner.RunAsync(row));
        Console.WriteLine(Report.Table(results[^1]));
    }

    if (arguments.JsonPath is { } path)
    {
        await File.WriteAllTextAsync(path, new Report(machine, arguments.Runs, results).ToJson());
    }
}
finally
{
    Directory.Delete(folder, recursive: true);
}

return 0;
