<%@ page contentType="text/plain;charset=UTF-8" errorPage="error.jsp" session="false" trimDirectiveWhitespaces="true" %>
void
<% if (true) { throw new IllegalStateException("on purpose"); } %>
