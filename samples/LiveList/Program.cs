using Replica.Peer.Host;
using Replica.Samples.LiveList;
using Replica.Web.Hosting;

if (args is not [var directory, ..])
{
    Console.Error.WriteLine("livelist DIR [--urls http://127.0.0.1:5000]");
    return 2;
}

var builder = WebApplication.CreateBuilder(args[1..]);
builder.Services.AddReplica(directory, new SpaceOptions { Name = "list", IsCreatedIfMissing = true });
builder.Services.AddReplicaProblems();
builder.Services.ConfigureHttpJsonOptions(static options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, Shapes.Default));

var app = builder.Build();
app.UseExceptionHandler();
app.UseStatusCodePages();
app.MapGet("/", static () => TypedResults.Content(Page.Html, "text/html"));
app.MapGet("/items/live", static (ReplicaSpace space, CancellationToken gone) =>
    TypedResults.ServerSentEvents(space.Nodes(Shapes.Default.Item).WatchAsync(gone)));
app.MapPost("/items", static async (Item item, ReplicaSpace space) =>
{
    await space.Nodes(Shapes.Default.Item).PutAsync(item);
    return TypedResults.NoContent();
});
app.MapDelete("/items/{id}", static async (string id, ReplicaSpace space) =>
{
    await space.Nodes(Shapes.Default.Item).DeleteAsync(id);
    return TypedResults.NoContent();
});
await app.RunAsync();
return 0;
