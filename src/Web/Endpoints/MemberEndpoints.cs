using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Replica.Crdt.Changes;
using Replica.Peer.Host;
using Replica.Web.Json;

namespace Replica.Web.Endpoints;

/// <summary>The endpoints about who is in a space and who may come in.</summary>
internal static class MemberEndpoints
{
    private const string Root = "/v1/spaces/{space}/";

    /// <summary>Adds them.</summary>
    public static void Map(IEndpointRouteBuilder routes, ReplicaHome home)
    {
        _ = routes.MapGet(Root + "members", context => ListMembersAsync(context, Space(context, home)));
        _ = routes.MapPost(Root + "members/promote", context => SetRoleAsync(context, Space(context, home).PromoteAsync));
        _ = routes.MapPost(Root + "members/demote", context => SetRoleAsync(context, Space(context, home).DemoteAsync));
        _ = routes.MapGet(Root + "invitations", context => ListInvitationsAsync(context, Space(context, home)));
        _ = routes.MapPost(Root + "invitations", context => InviteAsync(context, Space(context, home)));
        _ = routes.MapPost(Root + "invitations/cancel", context => CancelAsync(context, Space(context, home)));
    }

    private static ReplicaSpace Space(HttpContext context, ReplicaHome home) =>
        home.GetSpace((string)context.Request.RouteValues["space"]!);

    private static async Task ListMembersAsync(HttpContext context, ReplicaSpace space)
    {
        var members = await space.ListMembersAsync(context.RequestAborted);
        await new LineStream(context).WriteAsync(members.ToAsyncEnumerable(), MemberJson.Write);
    }

    private static async Task ListInvitationsAsync(HttpContext context, ReplicaSpace space)
    {
        var invitations = await space.ListInvitationsAsync(context.RequestAborted);
        await new LineStream(context).WriteAsync(invitations.ToAsyncEnumerable(), MemberJson.Write);
    }

    private static async Task InviteAsync(HttpContext context, ReplicaSpace space)
    {
        var options = InvitationJson.Read(await Requests.ReadBodyAsync(context, Requests.SmallBodyBytesMax));
        await Answers.WriteAsync(context, await space.InviteAsync(options, context.RequestAborted), MemberJson.Write);
    }

    private static async Task CancelAsync(HttpContext context, ReplicaSpace space)
    {
        var named = MemberJson.ReadCancel(await Requests.ReadBodyAsync(context, Requests.SmallBodyBytesMax));
        var (invitation, change) = await space.CancelInvitationAsync(named, context.RequestAborted);
        await AnswerAsync(context, "invitation", invitation, change);
    }

    private static async Task SetRoleAsync(
        HttpContext context, Func<string, Role, CancellationToken, Task<(string Device, ChangeReceipt Change)>> set)
    {
        var (named, role) = MemberJson.ReadRole(await Requests.ReadBodyAsync(context, Requests.SmallBodyBytesMax));
        var (device, change) = await set(named, role, context.RequestAborted);
        await AnswerAsync(context, "device", device, change);
    }

    private static Task AnswerAsync(HttpContext context, string name, string key, ChangeReceipt change) =>
        Answers.WriteAsync(context, change, (output, done) =>
        {
            using var json = new Utf8JsonWriter(output);
            json.WriteStartObject();
            json.WriteString(name, key);
            json.WriteString("dot", done.Dot is { } dot ? $"{dot.Log}:{dot.Seq}" : null);
            json.WriteEndObject();
        });
}
