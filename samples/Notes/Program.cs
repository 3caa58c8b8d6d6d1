using Replica.Peer.Host;
using Replica.Samples.Notes;
using Replica.Transport;

if (args is not [var directory, var command, ..] || (args.Length < 3 && command != "list"))
{
    Console.Error.WriteLine("notes DIR add TEXT | list | invite tcp://HOST:PORT | join TICKET");
    return 2;
}

var options = new SpaceOptions { Name = "notes", IsCreatedIfMissing = true };
await using var space = await ReplicaSpace.OpenAsync(directory, command switch
{
    "invite" => options with { Listen = [PeerAddress.Parse(args[2])] },
    "join" => options with { Ticket = args[2] },
    _ => options,
});
var notes = space.Nodes(Shapes.Default.Note);
switch (command)
{
    case "add":
        await notes.PutAsync(new($"note/{Guid.NewGuid()}", args[2]));
        break;
    case "invite":
        Console.WriteLine((await space.InviteAsync(new())).Ticket);
        Console.ReadLine();
        break;
    case "join":
        await notes.WatchAsync().FirstAsync(static update => update.Differences.Count > 0);
        break;
}

await foreach (var note in notes.ListAsync())
{
    Console.WriteLine(note.Text);
}

return 0;
